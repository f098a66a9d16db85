import FoundationEssentials
import Glibc
import Manifests
import Planning
import Testing

/// `kill -9` at any moment, `resume` after it: the same end as without.
///
/// The moments follow from a seed, which KIRIKAE_TEST_SEED replaces.
@Suite("Killed and resumed", .timeLimit(.minutes(15)))
struct KillTests {
    @Test("Ten kills at random moments of apply, resume and rollback change nothing about the end")
    func kills() async throws {
        let unbroken = try await Shop()
        let first = try await unbroken.plan().plan
        let exit = try await unbroken.kirikae("apply", unbroken.migration, "--yes", gates: first.gates())
        #expect(exit.code == 0, "\(exit)")
        let expected = try await Self.end(of: unbroken)

        let shop = try await Shop()
        let blueBefore = try await shop.blue.declared()
        let plan = try await shop.plan().plan
        let seed = ProcessInfo.processInfo.environment["KIRIKAE_TEST_SEED"].flatMap(UInt64.init) ?? 20_261_121
        var random = SplitMix(state: seed)
        var kills = 0
        var wentBack = false
        var command = ["apply", shop.migration]
        var said: [String] = []
        for _ in 0..<60 {
            let records = try Self.records(in: shop)
            let moment = records + Int(random.next() % 60)
            let delay = Int(random.next() % 12_000)
            let program = try shop.start(command + ["--yes"], gates: command[0] == "rollback" ? [] : plan.gates())
            if kills < 10 {
                _ = try await Waiting.until(60, step: .milliseconds(1)) {
                    try !program.isRunning || Self.records(in: shop) >= moment
                }
                try await Task.sleep(for: .microseconds(delay))
                program.signal(SIGKILL)
            }
            let end = try await program.end()
            said.append("\(command[0]) from record \(records), kill at \(moment) + \(delay) µs: \(end.code)")
            if end.code == -SIGKILL {
                kills += 1
                // Nothing was begun as long as there is no run; the same command is right again.
                command = try Self.records(in: shop) == 0 ? command : ["resume"]
                // Once, when there is something to go back to.
                if kills >= 7, !wentBack, try await Self.checkpoints(shop).contains("before-cutover-front") {
                    command = ["rollback", "--to", "before-cutover-front"]
                    wentBack = true
                }
            } else if end.code == 8 {
                command = ["resume"]
            } else if end.code == 0, kills >= 10 {
                break
            } else if end.code == 0 {
                // It was quicker than the moment; a run that is done can still go back, and then forward again.
                command = ["rollback", "--to", "before-cutover-front"]
                wentBack = true
            } else {
                Issue.record("seed \(seed): \(said.joined(separator: "\n"))\n\(end)")
                return
            }
        }
        print("killed with seed \(seed):\n  " + said.joined(separator: "\n  "))
        #expect(kills == 10)
        let end = try await Self.end(of: shop)
        #expect(Difference.lines(expected.blue, end.blue) == [], "seed \(seed)")
        #expect(Difference.lines(expected.green, end.green) == [], "seed \(seed)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 100])
        try await shop.blue.expectDeclared(blueBefore, but: plan.blueActions)
        let journal = try await shop.kirikae("journal", "verify")
        #expect(journal.code == 0, "\(journal)")
    }

    /// The checkpoints that the only run is behind.
    static func checkpoints(_ shop: Shop) async throws -> [String] {
        try await shop.run()["checkpoints"]?.array?.compactMap(\.string) ?? []
    }

    /// How many records the journals of that shop hold; whole ones.
    static func records(in shop: Shop) throws -> Int {
        Files.names(in: "\(shop.state)/runs").reduce(0) { sum, run in
            sum + ((try? Files.read("\(shop.state)/runs/\(run)/journal.jsonl"))?.utf8.count { $0 == 10 } ?? 0)
        }
    }

    /// Both clusters without what differs between any two runs: UIDs, times, and which attempt made an object.
    static func end(
        of shop: Shop
    ) async throws -> (blue: [ObjectReference: JSONValue], green: [ObjectReference: JSONValue]) {
        (try await portable(shop.blue), try await portable(shop.green))
    }

    private static func portable(_ cluster: Cluster) async throws -> [ObjectReference: JSONValue] {
        try await cluster.objects().filter { $0.value["metadata.ownerReferences"] == nil }.mapValues { object in
            var object = object
            object[annotation: "kirikae.dev/step-key"] = nil
            // Given out by the cluster, to each object as it comes.
            for path: FieldPath in ["spec.volumeName", "spec.clusterIP", "spec.clusterIPs"]
            where object[path] != "None" && object[path] != ["None"] {
                object[path] = nil
            }
            return object.portableContent
        }
    }
}

/// Steele's and Vigna's generator: the same seed gives the same moments.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
