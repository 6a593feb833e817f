"""Many reports: what is to be done, who does it, what came of it, and how it is shown."""
