"""The plan: its versions as acts, its amendments as differences, drafts and the gates to their adoption."""
