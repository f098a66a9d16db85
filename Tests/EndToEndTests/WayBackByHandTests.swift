import FoundationEssentials
import Manifests
import Planning
import Testing

/// Somebody without kirikae, at two in the morning, with `WAY-BACK.md`: every command of it is carried out as it stands
/// there, by a shell with the real kubectl and jq.
@Suite("The way back by hand", .timeLimit(.minutes(15)))
struct WayBackByHandTests {
    private static let programs = ["/usr/bin/jq", "/usr/local/bin/jq"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The sections of the page by their titles, and the commands in each, block by block.
    private func sections(_ page: String) -> [(title: String, blocks: [String], steps: [String])] {
        var found: [(title: String, blocks: [String], steps: [String])] = []
        var block: [String]?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line == "```sh" {
                block = []
            } else if line == "```" {
                if let commands = block, !found.isEmpty {
                    found[found.count - 1].blocks.append(commands.joined(separator: "\n"))
                }
                block = nil
            } else if block != nil {
                block?.append(line)
            } else if line.hasPrefix("## ") || line.hasPrefix("### ") {
                found.append((String(line.drop { $0 == "#" || $0 == " " }), [], []))
            } else if let step = line.split(separator: "`").dropFirst().first, line.first?.isNumber == true,
                !found.isEmpty
            {
                found[found.count - 1].steps.append(String(step))
            }
        }
        return found
    }

    private func carryOut(_ commands: String, _ shop: Shop, _ kubectl: String, number: Int) async throws {
        let folder = kubectl.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        var environment = shop.environment
        environment["PATH"] = "\(folder):\(environment["PATH"] ?? "")"
        environment["KIRIKAE_STATE_DIR"] = nil
        let exit = try await Program(
            "/bin/bash", ["-euc", "cd '\(shop.migration)'\n\(commands)"], environment: environment, folder: shop.home,
            label: "hand-\(number)"
        ).end()
        #expect(exit.code == 0, "\(commands.prefix(300))\n\(exit)")
    }

    @Test(
        "WAY-BACK.md alone returns traffic and blue, and then takes everything off green",
        .enabled(if: !Tools.kubectls.isEmpty && Self.programs != nil, "kubectl or jq is not here"),
        arguments: Tools.kubectls)
    func byHand(kubectl: String) async throws {
        let shop = try await Shop(trafficGate: .manual)
        let plan = try await shop.plan().plan
        let blue = try await shop.blue.declared()
        let green = try await shop.green.declared()
        // In the middle of the second cutover, as bad as it gets: one wave switched, the other at one percent.
        let asked = plan.gates().filter { !$0.contains("gate-traffic") }
        let apply = try await shop.kirikae("apply", shop.migration, "--yes", gates: asked)
        #expect(apply.code == 4, "\(apply)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 1])

        let run = try #require(Files.names(in: "\(shop.state)/runs").first)
        let page = try Files.read("\(shop.state)/runs/\(run)/WAY-BACK.md")
        #expect(page.contains("checkpoint traffic-orders-1") || page.contains("checkpoint before-traffic-back"))
        let sections = sections(page)
        let first = try #require(sections.first { $0.title.hasPrefix("First:") })
        #expect(!first.blocks.isEmpty)
        for (number, block) in first.blocks.enumerated() {
            try await carryOut(block, shop, kubectl, number: number)
        }
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])
        try await shop.blue.expectDeclared(blue)

        let start = try #require(sections.first { $0.title == "From here to start" })
        #expect(start.steps.count > 20)
        for (number, step) in start.steps.enumerated() {
            let section = try #require(sections.first { $0.title == step }, "\(step) has no section")
            for block in section.blocks { try await carryOut(block, shop, kubectl, number: 100 + number) }
        }
        try await shop.blue.expectDeclared(blue)
        let isEmpty = try await Waiting.until(60) {
            Difference.lines(green, try await shop.green.declared()).isEmpty
        }
        let left = Difference.lines(green, try await shop.green.declared())
        #expect(isEmpty, "\(left.prefix(10))")
    }
}
