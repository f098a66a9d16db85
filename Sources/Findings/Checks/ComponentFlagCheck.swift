import Catalog
import Manifests

/// Arguments that one of Kubernetes' own components no longer takes, or now has to be given.
///
/// They stand in the containers of static Pods and DaemonSets, and in the `extraArgs` of kubeadm's configuration, be
/// that a file, a ConfigMap or an object of the Cluster API. Units of systemd are not read.
public struct ComponentFlagCheck: Check {
    public let code = "component-flag"
    public let summary = "A component of Kubernetes is given an argument that it does not take at the target."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let facts = context.catalog.facts
        let object = subject.object
        var invocations: [(ComponentInvocation, ConfigurationDocument?)] = []
        for (spec, path) in PodSpecs.all(in: object, facts: facts) {
            invocations += ComponentInvocation.containers(of: spec, at: path).map { ($0, nil) }
        }
        for document in ConfigurationDocument.all(in: object) where document.object.gvk.group == "kubeadm.k8s.io" {
            invocations += ComponentInvocation.kubeadm(document.object.json).map { ($0, document) }
        }
        if Self.clusterAPI.contains(object.gvk.group) {
            for pattern in Self.embedded {
                for place in pattern.places(in: object.json) {
                    invocations += ComponentInvocation.kubeadm(place.value, at: place.path).map { ($0, nil) }
                }
            }
        }
        return invocations.flatMap { findings($0, $1, subject, context) }
    }

    private static let clusterAPI: Set<String> = ["bootstrap.cluster.x-k8s.io", "controlplane.cluster.x-k8s.io"]
    private static let embedded = [
        "spec..clusterConfiguration", "spec..initConfiguration", "spec..joinConfiguration",
    ].compactMap { PathPattern($0) }

    private func findings(
        _ invocation: ComponentInvocation, _ document: ConfigurationDocument?, _ subject: CheckSubject,
        _ context: CheckContext
    ) -> [Finding] {
        let facts = context.catalog.facts
        return facts.probes(in: .flag).flatMap { reference -> [Finding] in
            let change = facts.behaviours[reference.change]
            let probe = change.probes[reference.probe]
            guard case .flag(let components, let names, let test) = probe.carrier,
                let verdict = FactVerdict(change, context: context)
            else { return [] }
            return invocation.places(components, names, test).map { place in
                let what = document.map { "\(place.what), \($0.words(place.path))" } ?? place.what
                var finding = subject.finding(
                    code, verdict.severity(probe), confidence: verdict.confidence(probe),
                    consequence: verdict.consequence, about: subject.object.gvk,
                    at: document?.path(place.path) ?? place.path, since: verdict.since,
                    message: verdict.message(about: what), remedy: verdict.remedy, fact: change.id)
                finding.concerned = verdict.concerned(subject)
                // In a map of arguments the name is what is wrong.
                if case .member = place.path.elements.last {
                    finding.location = subject.keyLocation(of: finding.path ?? place.path)
                }
                return finding
            }
        }
    }

    public func need(in context: CheckContext) -> CheckNeed {
        .probes(context.catalog.facts.probes(in: .flag), context: context)
    }
}
