import Manifests
import Testing

@testable import Planning

/// What a migration file names in vain.
@Suite("A migration file that names what blue does not have")
struct UnmatchedTests {
    private static let written = """
        apiVersion: kirikae.dev/v1
        kind: Migration
        name: autumn
        blue: {context: blue}
        green: {context: green, version: "1.36"}
        waves:
          - {name: front, namespaces: [web, wbe]}
        classify:
          - {select: {kind: Deployment.apps, name: site}, class: exclusive}
          - {select: {kind: Deployment.apps, name: sote}, class: exclusive}
        decisions:
          - {select: {namespace: wbe}, decision: skip, reason: not ours}
        acknowledge:
          - {hazard: stateful-claims, reason: restored from the backup}
        """

    private static let deployment: JSONValue = [
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "site", "namespace": "web"],
    ]

    @Test("is told of each such name, and of no other")
    func named() throws {
        let file = try MigrationFile(Array(Self.written.utf8), file: "migration.yaml")
        let blue = [try #require(KubeObject(Self.deployment))]
        #expect(
            file.migration.unmatched(in: blue, hazards: []) == [
                "wave front: blue has no namespace wbe", "classify[1] selects nothing", "decisions[0] selects nothing",
                "acknowledge[0] (stateful-claims) meets no hazard",
            ])
    }
}
