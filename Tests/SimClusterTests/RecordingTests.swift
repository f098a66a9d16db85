import HTTP
import Manifests
import Testing

@Suite(.enabled(if: Recordings.areThere, "the recordings of real servers are not beside the project"))
struct RecordingTests {
    @Test(
        arguments: KnownDifference.all,
        ["02-defaulting", "03-conversion", "04-errors", "05-patch", "08-crds", "10-dryrun"])
    func answersAgreeButForTheKnownDifferences(version: String, trace: String) throws {
        let steps = try #require(RecordedStep.trace(trace, of: version))
        var replay = Replay(version: version)
        let differences = replay.differences(in: steps)
        let known = knownDifferences.filter { $0.trace == trace && $0.versions.contains(version) }
        for difference in differences where !known.contains(where: { $0.covers(difference.step, trace, version) }) {
            Issue.record("\(difference.step): a real server says \(difference.real), the simulator \(difference.here)")
        }
        for entry in known where !differences.contains(where: { entry.covers($0.step, trace, version) }) {
            Issue.record("\(entry.step) agrees now at \(version): take it out of the known differences")
        }
    }

    @Test(arguments: KnownDifference.all)
    func discoveryOffersWhatTheRealServerOffers(version: String) throws {
        let steps = try #require(RecordedStep.trace("01-discovery", of: version))
        var bench = Bench(Int(version.split(separator: ".")[1]) ?? 0)
        for step in steps where step.name.hasPrefix("resources ") {
            let path = step.request["path"]?.string ?? ""
            let here = bench.send(.get, path)
            #expect(Self.resources(here.body) == Self.resources(step.response["body"] ?? .null), "\(path)")
        }
    }

    /// What a resource list says, but for subresources that only a kubelet behind the server could answer.
    private static func resources(_ list: JSONValue) -> [String] {
        (list["resources"]?.array ?? []).compactMap { resource in
            let name = resource["name"]?.string ?? ""
            if ["proxy", "attach", "exec", "portforward"].contains(name.split(separator: "/").last) { return nil }
            func words(_ field: String) -> String {
                (resource[field]?.array ?? []).compactMap(\.string).joined(separator: ",")
            }
            return "\(name) \(resource["kind"]?.string ?? "") \(resource["namespaced"]?.bool ?? false) "
                + "\(resource["singularName"]?.string ?? "") \(words("verbs")) \(words("shortNames")) \(words("categories"))"
        }
    }
}
