"""accord for AI assistants: tools that check, run and explain a deal (Model Context Protocol)."""
