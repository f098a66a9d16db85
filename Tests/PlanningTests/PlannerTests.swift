import Catalog
import Findings
import Manifests
import Testing

@testable import Planning

@Suite("Planner")
struct PlannerTests {
    @Test("the whole shop becomes a plan whose counts add up")
    func wholeShop() throws {
        let planned = try Planner.plan(SmallShop.input())
        #expect(planned.plan.accounting.addsUp)
    }
}
