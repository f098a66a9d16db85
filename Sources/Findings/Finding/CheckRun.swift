public import Catalog
public import Manifests

/// Runs checks over everything that was loaded, or over an inventory.
public struct CheckRun: Sendable {
    /// The checks to run, in order.
    public var checks: [any Check]
    public var context: CheckContext

    public init(
        catalog: Catalog = .builtIn, target: KubernetesVersion, from: KubernetesVersion? = nil,
        served: ServedAPIs? = nil, checks: [any Check] = Checks.all
    ) {
        self.checks = checks
        context = CheckContext(catalog: catalog, target: target, from: from, served: served)
    }

    /// Examines manifests.
    public func run(_ report: LoadReport) -> CheckResult {
        var result = empty(.manifests)
        result.findings = report.objects.flatMap { findings(in: subject($0)) }
        result.take(report)
        result.putInOrder()
        return result
    }

    /// Examines an inventory, and what its server told of itself; what was not seen makes the result incomplete.
    ///
    /// - Parameter evidence: what a live server told; by default what the inventory kept of it.
    public func run(_ inventory: Inventory, evidence: ServerEvidence? = nil) -> CheckResult {
        let evidence = evidence ?? inventory.evidence
        var run = self
        run.context.inventory = inventory
        var result = empty(.cluster(inventory.cluster))
        let certificates = Dictionary(grouping: inventory.certificates, by: \.holder)
        let releases = Dictionary(inventory.helmReleases.map { ($0.secret, $0) }) { first, _ in first }
        result.findings = inventory.objects.flatMap { entry in
            let location = entry.location
            let found = run.findings(
                in: CheckSubject(
                    entry.object, helmRelease: releases[entry.object.reference],
                    certificates: certificates[entry.object.reference]
                ) { _ in location })
            let kept = found.filter { !SystemOwned.isNoConcern($0, in: entry.object) }
            result.accounting.ofControlPlane += found.count - kept.count
            return kept
        }
        result.findings += ServerFindings(inventory: inventory, context: run.context).all(evidence)
        result.notSeen = inventory.notSeen + (evidence?.notSeen ?? [])
        result.accounting.objects = inventory.objects.count
        result.putInOrder()
        return result
    }

    /// A loaded object with the places of its fields.
    func subject(_ loaded: LoadedObject) -> CheckSubject {
        CheckSubject(
            loaded.object, locateKey: { loaded.keyLocation(of: $0) }, locate: { loaded.location(of: $0) })
    }

    func findings(in subject: CheckSubject) -> [Finding] {
        let found = checks.flatMap { $0.findings(in: subject, context: context) }
        return SuppressionAnnotation.mark(markingConvertible(found, in: subject), of: subject)
    }

    func empty(_ source: CheckResult.Source) -> CheckResult {
        CheckResult(
            source: source, target: context.target, from: context.from,
            quietReleases: context.from.map { context.catalog.quietReleases(after: $0, through: context.target) } ?? [],
            servedBy: context.served?.name,
            knownReleases: context.catalog.oldest...context.catalog.newest,
            catalogIdentity: .catalog(context.catalog), findings: [], accounting: CheckAccounting(), skipped: [],
            errors: [], notSeen: [])
    }
}
