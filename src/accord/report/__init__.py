"""What people see of an Assessment: one screen, one page, one picture, tidy tables."""
