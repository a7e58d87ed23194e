"""./inv migrate, status and new, driven as processes on a real server."""
