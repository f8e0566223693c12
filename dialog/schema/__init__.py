"""What may stand in the files of a playbook, one kind of file a module."""
