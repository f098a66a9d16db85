public import Catalog
import Manifests

/// Custom resources at a version that their project deprecated or no longer serves.
///
/// Whether the target serves them depends on the release of the project that is installed there. Where that is named,
/// the answer is certain; where it is not, the oldest release that goes with the target's Kubernetes tells what is
/// likely.
public struct EcosystemAPICheck: Check {
    public let code = "ecosystem-api"
    public let summary = "A custom resource is written at a version that its project deprecated or no longer serves."

    /// The releases that the target will have, by project; a distribution such as `flux` counts for its parts.
    private let releases: [String: ReleaseVersion]

    public init(releases: [String: ReleaseVersion] = [:]) { self.releases = releases }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let gvk = subject.object.gvk
        // A server that was asked what it serves knows better.
        guard let api = context.catalog.facts.ecosystem(of: gvk), context.served?.serves(gvk) == nil else { return [] }
        guard let verdict = self.verdict(api, context) else { return [] }
        let remedy =
            api.replacement.map { $0.kind == gvk.kind ? "Write \($0.apiVersion)." : "Use \($0) instead." }
            ?? "Nothing takes its place: remove the object before \(api.project) is upgraded."
        return [
            subject.finding(
                code, verdict.severity, confidence: verdict.confidence, consequence: verdict.consequence, about: gvk,
                at: "apiVersion", replacement: api.replacement, message: verdict.message, remedy: remedy,
                fact: "\(api.project) \(gvk)")
        ]
    }

    private struct Verdict {
        var severity: Finding.Severity
        var confidence: Finding.Confidence
        var consequence: Finding.Consequence
        var message: String
    }

    private func verdict(_ api: EcosystemAPI, _ context: CheckContext) -> Verdict? {
        if let release = releases[api.project] {
            return named(api, release, api.project, deprecated: api.deprecated, removed: api.removed)
        }
        if let distribution = api.inDistribution, let release = releases[distribution.name] {
            return named(
                api, release, distribution.name, deprecated: distribution.deprecated, removed: distribution.removed)
        }
        let project = Self.tables[api.project] ?? api.project
        let floor = context.catalog.facts.compatibility(of: project)?.oldestRelease(for: context.target)
        if let removed = api.removed {
            let message = "\(api.project) does not serve \(api.gvk) since its release \(removed)"
            guard let floor, floor >= removed else {
                return Verdict(
                    severity: .warns, confidence: .possible, consequence: .refused,
                    message: message + "; which release the target will have is not known.")
            }
            return Verdict(
                severity: .breaks, confidence: .likely, consequence: .refused,
                message: message + ", and Kubernetes \(context.target) wants \(floor) at least.")
        }
        guard let deprecated = api.deprecated else { return nil }
        let isLikely = floor.map { $0 >= deprecated } ?? false
        return Verdict(
            severity: isLikely ? .warns : .info, confidence: isLikely ? .likely : .possible, consequence: .nothingYet,
            message: "\(api.project) deprecated \(api.gvk) in its release \(deprecated).")
    }

    private func named(
        _ api: EcosystemAPI, _ release: ReleaseVersion, _ name: String, deprecated: ReleaseVersion?,
        removed: ReleaseVersion?
    ) -> Verdict? {
        let confidence: Finding.Confidence = api.isOnlyLikely ? .likely : .certain
        if let removed, release >= removed {
            return Verdict(
                severity: .breaks, confidence: confidence, consequence: .refused,
                message: "\(name) \(release) does not serve \(api.gvk), gone since \(removed).")
        }
        guard let deprecated, release >= deprecated else { return nil }
        let end = removed.map { " and gone in \($0)" } ?? ""
        return Verdict(
            severity: .warns, confidence: confidence, consequence: .nothingYet,
            message: "\(api.gvk) is deprecated since \(name) \(deprecated)\(end).")
    }

    /// Projects whose compatibility is written down under another name.
    private static let tables = ["karpenter-provider-aws": "karpenter"]

    public func need(in context: CheckContext) -> CheckNeed {
        .anyOf(Set(context.catalog.facts.ecosystem.map(\.gvk.apiVersion)))
    }
}
