"""Open data: what is published, for everybody, as files with permanent addresses and a catalogue that machines read."""
