import Catalog
import Manifests

/// Configuration of Kubernetes' own components that they no longer read, or read otherwise, at the target: files,
/// the ConfigMaps that kubeadm keeps them in, and kubeconfig files.
public struct ComponentConfigurationCheck: Check {
    public let code = "component-configuration"
    public let summary = "A component's configuration is not read, or is read otherwise, at the target."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let facts = context.catalog.facts
        return ConfigurationDocument.all(in: subject.object).flatMap { document -> [Finding] in
            let references = facts.probes(in: .configuration) + facts.probes(in: .kubeconfig)
            return references.flatMap { reference -> [Finding] in
                let change = facts.behaviours[reference.change]
                let probe = change.probes[reference.probe]
                guard document.isCarrier(probe.carrier), let verdict = FactVerdict(change, context: context) else {
                    return []
                }
                // A file at a version that is gone is found as such.
                if probe.tests.isEmpty, document.holder == nil, isToldByLifecycle(document.object.gvk, context) {
                    return []
                }
                let isAboutVersion = probe.tests.isEmpty
                let places = isAboutVersion ? [FieldPath("apiVersion")] : probe.places(in: document.object.json)
                return places.map { path in
                    let what =
                        isAboutVersion ? document.words(path, as: "\(document.object.gvk)") : document.words(path)
                    return finding(what, document, path, probe, verdict, subject)
                }
            }
        }
    }

    private func finding(
        _ what: String, _ document: ConfigurationDocument, _ path: FieldPath, _ probe: Probe, _ verdict: FactVerdict,
        _ subject: CheckSubject
    ) -> Finding {
        var confidence = verdict.confidence(probe)
        // A ConfigMap of anybody may hold such a document for other ends than to be read by a component.
        if document.holder != nil, !Self.isKubeadms(subject.object) { confidence = min(confidence, .likely) }
        var finding = subject.finding(
            code, verdict.severity(probe), confidence: confidence, consequence: verdict.consequence,
            about: document.object.gvk, at: document.path(path), since: verdict.since,
            message: verdict.message(about: what), remedy: verdict.remedy, fact: verdict.change.id)
        finding.concerned = verdict.concerned(subject)
        if document.holder == nil, probe.tests.first?.isAboutName ?? false {
            finding.location = subject.keyLocation(of: path)
        }
        return finding
    }

    private static func isKubeadms(_ object: KubeObject) -> Bool { object.namespace == "kube-system" }

    private func isToldByLifecycle(_ gvk: GroupVersionKind, _ context: CheckContext) -> Bool {
        switch APIVerdict(of: gvk, context: context) {
        case .removed, .deprecated: true
        default: false
        }
    }

    public func need(in context: CheckContext) -> CheckNeed {
        let facts = context.catalog.facts
        return .probes(facts.probes(in: .configuration) + facts.probes(in: .kubeconfig), context: context)
    }
}
