import FoundationEssentials
import Glibc
import Manifests
import Planning
import Testing

/// Two people at two terminals, and a pager.
@Suite("Operators", .timeLimit(.minutes(10)))
struct OperatorsTests {
    @Test("A second one is told who is at work, may look and may ask to pause; hooks hear how it ended")
    func second() async throws {
        let shop = try await Shop(trafficGate: .soak)
        let hook = "\(shop.home)/pager"
        try Files.write("#!/bin/sh\nenv > \(shop.home)/env\ncat > \(shop.home)/told\n", to: hook)
        #expect(chmod(hook, 0o755) == 0)
        try shop.extendMigration(by: "\non:\n  done: {run: [\(hook)]}\n  waiting: {run: [/bin/false]}\n")
        let plan = try await shop.plan().plan
        let key = ["KIRIKAE_IMAGE_KEY": LostLaptopTests.key]

        // A gate nobody opens: the hook fails, and nothing else does.
        let waiting = try await shop.kirikae("apply", shop.migration, "--yes", environment: key)
        #expect(waiting.code == 4, "\(waiting)")
        let journal = try await shop.kirikae("journal", "show")
        #expect(journal.output.contains("hook-failed") && journal.output.contains("it ended with 1"))

        let resume = try shop.start(["resume", "--yes"], gates: plan.gates(), environment: key)
        let moves = try await Waiting.until(60) { try !resume.isRunning || (shop.shares()["orders"] ?? 0) > 0 }
        #expect(moves && resume.isRunning)
        let second = try await shop.kirikae("resume", "--yes", environment: key)
        #expect(second.code == 7 && second.error.contains("#\(resume.process), since 20"), "\(second)")
        let shown = try await shop.kirikae("lock", "show", environment: key)
        #expect(shown.code == 0 && shown.output.contains("here   held by"), "\(shown)")
        #expect(shown.output.contains("blue   held by") && shown.output.contains("green  held by"), "\(shown)")
        let release = try await shop.kirikae("lock", "release", "--side", "green", "--yes", environment: key)
        #expect(release.code == 7, "\(release)")
        let status = try await shop.kirikae("status")
        #expect(status.code == 0, "\(status)")

        let pause = try await shop.kirikae("pause")
        #expect(pause.code == 0 && pause.output.contains("is interrupted"), "\(pause)")
        let stopped = try await resume.end()
        #expect(stopped.code == 130, "\(stopped)")
        #expect(try await shop.run()["inDoubt"]?.array?.isEmpty == true)
        let nobody = try await shop.kirikae("pause")
        #expect(nobody.code == 2 && nobody.error.contains("no process here"), "\(nobody)")

        let done = try await shop.kirikae("resume", "--yes", gates: plan.gates(), environment: key)
        #expect(done.code == 0, "\(done)")
        let told = try JSONValue(parsing: Array(Files.read("\(shop.home)/told").utf8))
        #expect(told["event"] == "done" && told["green"]?["orders"] == 100, "\(told.canonicalText)")
        let environment = try Files.read("\(shop.home)/env")
        #expect(!environment.contains(LostLaptopTests.key), "the key is nobody else's")
        let anchors = try await shop.kirikae("journal", "verify", "--anchors", environment: key)
        #expect(anchors.code == 0 && anchors.output.contains("blue: names record"), "\(anchors)")

        // A journal whose end was cut off whole verifies, until it is asked what the clusters know.
        let run = try #require(Files.names(in: "\(shop.state)/runs").first)
        let file = "\(shop.state)/runs/\(run)/journal.jsonl"
        let lines = try Files.read(file).split(separator: "\n")
        try Files.write(lines.dropLast(3).joined(separator: "\n") + "\n", to: file)
        let whole = try await shop.kirikae("journal", "verify")
        #expect(whole.code == 0, "\(whole)")
        let cut = try await shop.kirikae("journal", "verify", "--anchors", environment: key)
        #expect(cut.code == 1 && cut.error.contains("is not in this journal"), "\(cut)")
    }
}
