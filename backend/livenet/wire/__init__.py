"""What goes over the wire.

frame      a picture as a safetensors blob, and as JSON
journal    commands that changed a run, with their steps
messages   what a viewer and the server say to each other
"""
