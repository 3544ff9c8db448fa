import Foundation

/// nginx with its RTMP module on a free port, as one process.
struct Nginx {
    let program: RunningProgram
    private let port: UInt16

    /// An `application` as it stands in nginx' configuration.
    init(_ application: String, in folder: URL) async throws {
        port = try freePort()
        let configuration = """
            load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
            daemon off; master_process off; worker_processes 1;
            pid \(folder.path)/nginx.pid; error_log \(folder.path)/nginx.log info;
            events { worker_connections 64; }
            rtmp { access_log off; server { listen 127.0.0.1:\(port); \(application.replacing("$PORT", with: String(port))) } }
            """
        let file = folder.appendingPathComponent("nginx.conf")
        try configuration.write(to: file, atomically: false, encoding: .utf8)
        program = try RunningProgram(
            .nginx, ["-p", folder.path, "-e", "\(folder.path)/nginx.log", "-c", file.path])
        try await eventually("nginx listening: \(program.errorText)") {
            (try? RawPeer(port: port)) != nil
        }
    }

    func url(_ stream: String) -> String { "rtmp://127.0.0.1:\(port)/\(stream)" }
}
