import Foundation
import Testing

extension InteropTests {
    /// The trace in the files of other programs: specs/002-console, "Trace".
    @Suite(needsFFmpeg) struct TraceFileTests {
        /// The files that a console writes after it traced a publisher for a while, in mid-stream.
        private static let files = Task {
            let clip = try await Clip.make(.long)
            let folder = try temporaryFolder()
            let server = try await HeadlessServer([
                "--keys",
                "wait count(role:pub&fps>0)>=1 type \":trace on role:pub\" <Enter> wait 1500ms 4 p"
                    + " type \":write pcapng \(folder.path)/trace.pcapng\" <Enter>"
                    + " type \":write hex \(folder.path)/trace.hex\" <Enter> wait 100ms quit",
            ])
            let publisher = try FFmpeg.publish(clip, to: server.url("live/wire?token=hush-hush"))
            #expect(try await server.program.exit() == 0)
            _ = try await publisher.exit()
            return folder
        }

        private func run(_ tool: Tool, _ arguments: [String]) async throws -> RunningProgram {
            let program = try RunningProgram(tool, arguments)
            #expect(try await program.exit() == 0, "\(program.errorText)")
            return program
        }

        @Test(.enabled(if: Tool.tshark.isInstalled, "tshark is not installed"))
        func `Wireshark reads every message of a trace that began in the middle`() async throws {
            let file = try await Self.files.value.appending(path: "trace.pcapng").path
            let messages = try await run(
                .tshark, ["-r", file, "-Y", "rtmpt", "-T", "fields", "-e", "_ws.col.Info"]
            ).outputText.split(separator: "\n")
            #expect(
                messages.prefix(3) == ["Handshake C0+C1", "Handshake S0+S1+S2", "Handshake C2"])
            #expect(messages.contains("Audio Data"))
            #expect(messages.contains("Video Data"))
            let strange = messages.filter {
                !$0.contains("Data") && !$0.contains("Handshake") && !$0.contains("Chunk Size")
                    && !$0.contains("Acknowledgement")
            }
            #expect(strange.isEmpty)
            let malformed = try await run(.tshark, ["-r", file, "-Y", "_ws.malformed"])
            #expect(malformed.outputText.isEmpty)
        }

        @Test(.enabled(if: Tool.text2pcap.isInstalled, "text2pcap is not installed"))
        func `text2pcap reads every chunk of a hex dump`() async throws {
            let folder = try await Self.files.value
            let dump = folder.appending(path: "trace.hex")
            let text = try String(contentsOf: dump, encoding: .utf8)
            let count = text.split(separator: "\n").count {
                $0.hasPrefix("I ") || $0.hasPrefix("O ")
            }
            #expect(count > 10)
            let told = try await run(
                .text2pcap,
                ["-D", "-t", "%H:%M:%S.%f", dump.path, folder.appending(path: "hex.pcap").path])
            #expect(told.errorText.contains("wrote \(count) packets"))
        }
    }
}
