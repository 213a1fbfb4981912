"""Value: what customers are worth, who is best, and how much hangs on few of them."""
