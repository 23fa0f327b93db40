"""Long work in the background: asked for, seen to progress, cancelled, seen to die, run again."""
