"""Folder to ordered files to statements with exact spans; pure but for the one file that reads the folder."""
