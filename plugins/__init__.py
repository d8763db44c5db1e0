"""The warehouse's engine room: keys, zones (encrypted database files), the keyed hash, the sandbox."""
