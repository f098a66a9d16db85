import Manifests
import Planning
import Testing

/// Green dies in the middle of a cutover: it never holds up the way back.
@Suite("Green dead in the middle of a cutover", .timeLimit(.minutes(15)))
struct DeadGreenTests {
    @Test("Rollback makes users safe without green; resume settles what is owed when it is back")
    func deadGreen() async throws {
        let shop = try await Shop(trafficGate: .manual)
        let plan = try await shop.plan().plan
        let blueBefore = try await shop.blue.declared()
        let beforeTraffic = plan.gates().filter { !$0.contains("gate-traffic") }
        let apply = try await shop.kirikae("apply", shop.migration, "--yes", gates: beforeTraffic)
        #expect(apply.code == 4, "\(apply)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 1])
        try await shop.blue.expectDeclared(blueBefore, but: plan.blueActions)

        try await shop.green.kill()
        let stopped = try await shop.kirikae("resume", "--yes", gates: plan.gates())
        #expect([5, 11].contains(stopped.code), "\(stopped)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 1])
        let status = try await shop.kirikae("status")
        #expect(status.code == 0 && status.output.contains("be safe   kirikae rollback"), "\(status)")

        // What `status` proposes.
        let back = try await shop.kirikae("rollback", "--yes")
        #expect(back.code == 8, "\(back)")
        #expect(back.error.contains("owed"), "\(back)")
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])
        try await shop.blue.expectDeclared(blueBefore)
        #expect(try await shop.run()["owed"]?.array?.isEmpty == false)
        let after = try await shop.kirikae("status")
        #expect(after.code == 0 && after.output.contains("owed to green"), "\(after)")

        // Green is back: it is brought to where the rollback went, and only then is anything else done.
        try await shop.green.comeBack()
        let settled = try await shop.kirikae("resume", "--yes")
        #expect([4, 8].contains(settled.code), "\(settled)")
        #expect(try await shop.run()["owed"]?.array?.isEmpty == true)
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])

        let forward = try await shop.kirikae("resume", "--yes", gates: plan.gates())
        #expect(forward.code == 0, "\(forward)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 100])
        try await shop.blue.expectDeclared(blueBefore, but: plan.blueActions)
    }

    @Test("A run whose green dies while the weights move stops turning them, and goes back")
    func diesWhileWeightsMove() async throws {
        let shop = try await Shop(trafficGate: .soak)
        let plan = try await shop.plan().plan
        let blueBefore = try await shop.blue.declared()
        let asked = plan.gates().filter { !$0.contains("gate-traffic") }
        let apply = try shop.start(["apply", shop.migration, "--yes"], gates: asked)
        _ = try await Waiting.until(60, step: .milliseconds(1)) {
            try !apply.isRunning || (shop.shares()["orders"] ?? 0) > 0
        }
        try await shop.green.kill()
        let stopped = try await apply.end()
        #expect([5, 11].contains(stopped.code), "\(stopped)")
        #expect(try shop.shares()["orders"] ?? 100 < 100)
        let back = try await shop.kirikae("rollback", "--yes")
        #expect(back.code == 8, "\(back)")
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])
        try await shop.blue.expectDeclared(blueBefore)
        try await shop.green.comeBack()
        let settled = try await shop.kirikae("resume", "--yes")
        #expect([4, 8].contains(settled.code), "\(settled)")
        #expect(try await shop.run()["owed"]?.array?.isEmpty == true)
        let start = try await shop.kirikae("rollback", "--yes", "--to", "start")
        #expect(start.code == 8, "\(start)")
        try await shop.blue.expectDeclared(blueBefore)
    }

    @Test("A green that accepts connections and never answers does not hold up the way back")
    func hungGreen() async throws {
        let shop = try await Shop(trafficGate: .manual)
        let plan = try await shop.plan().plan
        let blueBefore = try await shop.blue.declared()
        let beforeTraffic = plan.gates().filter { !$0.contains("gate-traffic") }
        let apply = try await shop.kirikae("apply", shop.migration, "--yes", gates: beforeTraffic)
        #expect(apply.code == 4, "\(apply)")
        shop.green.hang()
        let back = try await shop.kirikae("rollback", "--yes", within: 90)
        #expect(back.code == 8, "\(back)")
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])
        try await shop.blue.expectDeclared(blueBefore)
        shop.green.wake()
        let settled = try await shop.kirikae("resume", "--yes")
        #expect([4, 8].contains(settled.code), "\(settled)")
        #expect(try await shop.run()["owed"]?.array?.isEmpty == true)
    }
}
