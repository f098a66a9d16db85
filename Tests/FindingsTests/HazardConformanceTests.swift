import Findings
import Manifests
import Testing

/// What holds of every hazard check in the registry; a new one needs only its fixture folder.
@Suite("Every hazard check")
struct HazardConformanceTests {
    static let context = HazardContext(target: KubernetesVersion(minor: 36))

    @Test("has an id in kebab case, of its own")
    func ids() {
        let ids = HazardChecks.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        for check in HazardChecks.all {
            #expect(check.id.allSatisfy { $0.isLowercase || $0 == "-" })
            #expect(check.summary.hasSuffix("."))
        }
    }

    @Test("sees exactly what its fixture marks", arguments: HazardChecks.all.map(\.id))
    func sees(_ id: String) throws {
        let file = "hazards/\(id)/seen.yaml"
        let inventory = Fixtures.inventory(Fixtures.load(file))
        #expect(inventory.notSeen == [])
        let hazards = HazardChecks.run(over: inventory, context: Self.context).filter { $0.id == id }
        let marked = try Fixtures.lines(of: file, marked: id)
        #expect(!marked.isEmpty)
        #expect(hazards.compactMap { $0.location?.line }.sorted() == marked)
        for hazard in hazards {
            #expect(hazard.message.hasSuffix(".") && hazard.answer.hasSuffix("."), "\(hazard.message)")
            #expect(hazard.object != nil)
        }
    }

    @Test("leaves alone what its fixture holds beside", arguments: HazardChecks.all.map(\.id))
    func unseen(_ id: String) {
        let inventory = Fixtures.inventory(Fixtures.load("hazards/\(id)/unseen.yaml"))
        #expect(inventory.notSeen == [] && !inventory.objects.isEmpty)
        let hazards = HazardChecks.run(over: inventory, context: Self.context).filter { $0.id == id }
        #expect(hazards.map(\.message) == [])
    }
}
