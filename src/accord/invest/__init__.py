"""Project appraisal: what a joint project costs, earns, and leaves for each of its parties."""
