"""What goes over the wire.

frame        a picture as a safetensors blob, and as JSON
journal      commands that changed a run, with their steps
messages     what a viewer says to the server
outbound     what the server says to a viewer
documents    what the server answers: runs, specs described
catalogue    the catalogue's document
typescript   the page's types, made from all of these
"""
