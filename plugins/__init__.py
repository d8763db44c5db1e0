"""The warehouse's engine room: keys, zones (encrypted files), the keyed hash, the sandbox."""
