"""What is asked for, what the rules grant, who agreed."""
