"""The office itself: its people and duties, how they decide together, the trail of their acts, money, pages."""
