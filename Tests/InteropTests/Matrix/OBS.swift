import Foundation

/// OBS on a screen of its own: a green picture and silence, x264 and AAC, streamed for a while.
enum OBS {
    static func run(
        server: String, key: String, seconds: Int, in folder: URL
    ) async throws -> Run {
        try write(server: server, key: key, seconds: seconds, into: folder)
        let screen = try RunningProgram(
            .xvfb, ["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "800x600x24"])
        let display = try await eventually("a screen: \(screen.errorText)") {
            screen.outputText.hasSuffix("\n") ? Int(screen.outputText.dropLast()) : nil
        }
        let program = try RunningProgram(
            .obs,
            [
                "--startstreaming", "--minimize-to-tray", "--multi", "--disable-updater",
                "--disable-missing-files-check", "--verbose",
            ],
            environment: [
                "DISPLAY": ":\(display)", "HOME": folder.path, "XDG_CONFIG_HOME": folder.path,
                "XDG_CACHE_HOME": folder.path, "XDG_RUNTIME_DIR": folder.path,
                "QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1",
            ])
        return Run(program, beside: [screen])
    }

    /// Waits until its stream is over, or it does not try any more.
    static func hasStopped(_ run: Run) async throws {
        try await eventually("the end of the stream: \(log(of: run).suffix(2000))") {
            log(of: run).contains("==== Streaming Stop")
        }
    }

    static func log(of run: Run) -> String { run.main.outputText + run.main.errorText }

    private static func write(
        server: String, key: String, seconds: Int, into folder: URL
    ) throws {
        let files = [
            // Nothing is asked at the first start, and nothing at the end.
            "obs-studio/global.ini": """
            [General]
            FirstRun=true
            LastVersion=486539266
            ConfirmOnExit=false
            EnableAutoUpdates=false
            [Basic]
            Profile=Untitled
            ProfileDir=Untitled
            SceneCollection=Untitled
            SceneCollectionFile=Untitled
            [OBSWebSocket]
            FirstLoad=false
            ServerEnabled=false
            """,
            "obs-studio/basic/profiles/Untitled/basic.ini": """
            [General]
            Name=Untitled
            [Output]
            Mode=Simple
            Reconnect=true
            RetryDelay=1
            MaxRetries=20
            [SimpleOutput]
            VBitrate=500
            ABitrate=96
            StreamEncoder=x264
            Preset=ultrafast
            [Video]
            BaseCX=320
            BaseCY=180
            OutputCX=320
            OutputCY=180
            FPSType=1
            FPSInt=25
            """,
            "obs-studio/basic/profiles/Untitled/service.json": """
            {"type":"rtmp_custom","settings":{"server":"\(server)","key":"\(key)"}}
            """,
            "obs-studio/basic/scenes/Untitled.json": """
            {"name":"Untitled","current_scene":"Scene","current_program_scene":"Scene",
             "scene_order":[{"name":"Scene"}],
             "sources":[
              {"id":"color_source","versioned_id":"color_source_v3","name":"Colour",
               "settings":{"color":4278255360,"width":320,"height":180}},
              {"id":"scene","versioned_id":"scene","name":"Scene",
               "settings":{"id_counter":1,"items":[{"name":"Colour","id":1,"visible":true}]}}],
             "modules":{"scripts-tool":[{"path":"\(folder.path)/stop.lua","settings":{}}]}}
            """,
            "stop.lua": """
            local obs = obslua
            function stop()
              obs.remove_current_callback()
              obs.obs_frontend_streaming_stop()
            end
            function script_load()
              obs.obs_frontend_add_event_callback(function(event)
                if event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTED then
                  obs.timer_add(stop, \(seconds * 1000))
                end
              end)
            end
            """,
        ]
        for (path, text) in files {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: folder.path)
    }
}
