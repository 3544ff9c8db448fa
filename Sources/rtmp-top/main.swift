print("rtmp-top")
