import Manifests
import Planning
import Routing
import Testing

/// Users must not notice: steady load through a real balancer while the real tool cuts over and goes back.
@Suite("Cutover and return under load", .timeLimit(.minutes(12)), .serialized)
struct RouteUnderLoadTests {
    @Test(
        "Through haproxy no request fails, each side gets its share, and the way back is quick",
        .enabled(if: Balancer.Kind.haproxy.program != nil, "haproxy is not installed: scripts/setup --tests"))
    func haproxy() async throws { try await cutOverAndReturn(.haproxy) }

    @Test(
        "Through nginx no request fails; those on connections that a reload closed are sent again, and counted apart",
        .enabled(if: Balancer.Kind.nginx.program != nil, "nginx is not installed: scripts/setup --tests"))
    func nginx() async throws { try await cutOverAndReturn(.nginx) }

    @Test(
        "Users are back by themselves, and none of them notices, when green's health fails at ten per cent",
        .enabled(if: Balancer.Kind.haproxy.program != nil, "haproxy is not installed: scripts/setup --tests"))
    func returnsByItself() async throws {
        let shop = try await Shop()
        let blue = try SideServer("blue")
        let green = try SideServer("green")
        defer {
            blue.stop()
            green.stop()
        }
        let balancer = try await Balancer(.haproxy, blue: blue.port, green: green.port, folder: shop.home)
        try Self.route(
            shop, .haproxy, balancer,
            gate: """
                {gate: probe, before: traffic, seconds: 6, onFailure: return, probe: {http: {
                        url: "http://127.0.0.1:\(green.port)/healthz", blue: "http://127.0.0.1:\(blue.port)/healthz",
                        host: shop.example.com, samples: 60, rate: 20, latency: {quantile: 50, timesBlue: 1000}}}}
                """)
        let plan = try await shop.plan().plan
        let asked = plan.gates("platform", "front").filter { !$0.contains("gate-traffic") }
        let load = Load(port: balancer.port)
        let applying = try shop.start(["apply", shop.migration, "--yes"], gates: asked)
        let reached = try await Waiting.until(240) { (load.account.answered[10]?.total ?? 0) > 500 }
        #expect(reached, "\(load.account)")
        let sick = ContinuousClock.now
        green.set(isSick: true)
        let apply = try await applying.end(within: 120)
        #expect(apply.code == 8, "\(apply)")
        #expect(apply.error.contains("by itself"), "\(apply)")
        let total = load.account.total
        _ = try await Waiting.until(120) { load.account.total > total + 2_000 }
        let lastGreen = try #require(load.account.lastGreen)

        // Cured, the same run goes forward again.
        green.set(isSick: false)
        let again = try await shop.start(["resume", "--yes"], gates: asked).end(within: 300)
        #expect(again.code == 4, "\(again)")
        let account = try await load.stop()
        #expect(account.failed == 0, "\(account.failures)")
        // A round of requests goes out each second; this machine may have other things to do.
        #expect(lastGreen - sick < .seconds(10))
        let told = apply.error.split(separator: "\n").first { $0.hasPrefix("measured:") } ?? ""
        print(
            "measured, return by itself: \(account.total) requests, \(account.failed) failed; last answer of green",
            "\((lastGreen - sick) / .milliseconds(1)) ms after its health failed; \(told)")
    }

    private func cutOverAndReturn(_ kind: Balancer.Kind) async throws {
        let shop = try await Shop()
        let blue = try SideServer("blue")
        let green = try SideServer("green")
        defer {
            blue.stop()
            green.stop()
        }
        if kind == .nginx { try Files.write(try Self.firstInclude(), to: "\(shop.home)/split.conf") }
        let balancer = try await Balancer(kind, blue: blue.port, green: green.port, folder: shop.home)
        try Self.route(shop, kind, balancer)
        let plan = try await shop.plan().plan
        let asked = plan.gates("platform", "front").filter { !$0.contains("gate-traffic") }

        let load = Load(port: balancer.port)
        let begun = ContinuousClock.now
        let warm = try await Waiting.until(120) { load.account.total > 2_000 }
        #expect(warm, "\(load.account)")
        #expect(load.account.green == 0)

        // Forward: 1, 10, 50, 100 %, with time at each, until wave `back` waits at its gate.
        let apply = try await shop.start(["apply", shop.migration, "--yes"], gates: asked).end(within: 300)
        #expect(apply.code == 4, "\(apply)")
        let enough = try await Waiting.until(300) { load.account.total >= 100_000 }
        #expect(enough, "\(load.account.total) requests")

        // And back.
        let decided = ContinuousClock.now
        let back = try await shop.kirikae("rollback", "--yes", "--to", "before-cutover-front", within: 120)
        #expect(back.code == 8, "\(back)")
        let total = load.account.total
        _ = try await Waiting.until(120) { load.account.total > total + 2_000 }
        let account = try await load.stop()
        let seconds = (ContinuousClock.now - begun) / .seconds(1)

        // Exact accounts: nothing failed, and both servers saw what the clients saw.
        #expect(account.failed == 0, "\(account.failures)")
        #expect(account.total >= 100_000)
        #expect(blue.count + green.count >= account.total)
        #expect(blue.count + green.count <= account.total + account.sentAgain)
        if kind == .haproxy { #expect(account.sentAgain == 0 && green.count == account.green) }
        let answered = account.answered.filter { $0.key != Load.inBetween }
        #expect(Set(answered.keys) == [0, 1, 10, 50, 100])
        #expect((account.answered[Load.inBetween]?.total ?? 0) * 100 < account.total)
        for (share, count) in answered {
            let weights = try #require(Weights(green: share))
            #expect(count.isPlausible(for: weights), "at \(share) %: \(count)")
        }
        let lastGreen = try #require(account.lastGreen)
        // Ten times what is promised: this machine may have other things to do.
        #expect(lastGreen - decided < .seconds(10))
        let shares = answered.sorted { $0.key < $1.key }.map { share, count in
            "\(share) %: \(count.green) of \(count.total)"
        }
        print(
            "measured, \(kind.rawValue): \(account.total) requests in \(Int(seconds)) s, \(account.failed) failed,",
            "\(account.sentAgain) sent again; green's part at \(shares.joined(separator: ", "));",
            "last answer of green \((lastGreen - decided) / .milliseconds(1)) ms after 'kirikae rollback' was started;",
            "slowest request \(account.slowest / .milliseconds(1)) ms")
    }

    /// The storefront's route through the balancer, with time between the weights.
    private static func route(
        _ shop: Shop, _ kind: Balancer.Kind, _ balancer: Balancer,
        gate between: String = "{gate: soak, before: traffic, seconds: 2}"
    ) throws {
        let file = "\(shop.migration)/migration.yaml"
        let text = try Files.read(file)
        let old = """
                backend: file
                settings:
                  path: routes.json
                  route: storefront
            """
        let gate = "message: Does the new storefront answer? Has marketing no campaign running in the next hour?"
        guard text.contains(old), text.contains(gate) else {
            throw Program.Failure(description: "the shop's migration file has changed; change this test too")
        }
        try Files.write(
            text.replacing(old, with: "    backend: \(kind.rawValue)\n    settings: \(balancer.settings)")
                .replacing(gate, with: gate + "\n      - \(between)"), to: file)
    }

    /// What nginx begins with, as `kirikae route show` tells who has none.
    private static func firstInclude() throws -> String {
        let settings: JSONValue = [
            "include": "split.conf", "variable": "shop_cluster", "header": "X-Share",
            "probe": ["url": "http://127.0.0.1/"],
        ]
        return try NginxRouter(settings: settings, ports: RouterPorts(folder: "")).fileContent(for: .allBlue)
    }
}
