"""What goes onto paper, and how a plan and a sheet are told in words."""
