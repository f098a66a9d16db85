import Catalog
import Manifests

/// Fields that the target release does not know: misspelt, in the wrong place, gone, or not there yet.
///
/// A server drops them with a warning, and `kubectl` refuses the object unless told otherwise.
public struct UnknownFieldCheck: Check {
    public let code = "unknown-field"
    public let summary = "The object has a field that its kind does not have at the target release."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let object = subject.object
        return context.violations(of: object).compactMap { violation in
            guard case .unknown(let meant, let releases) = violation.problem else { return nil }
            let parent = violation.path.parent
            let place = parent.elements.isEmpty ? "\(object.gvk.kind)" : "\(parent)"
            var message = "\(context.target) knows no field \(violation.path.last) in \(place)"
            var remedy = "Take it out, or move it to where it belongs; the server drops it and kubectl refuses it."
            var since: KubernetesVersion?
            if let first = releases.first, first > context.target {
                message += "; it comes with \(first)"
                remedy = "Leave it out until the cluster runs \(first)."
            } else if let last = releases.last(where: { $0 < context.target }) {
                let end = KubernetesVersion(minor: last.minor + 1)
                since = end
                message += "; it left with \(end)"
                remedy = "Take it out; the server drops it and kubectl refuses it."
            } else if let meant {
                remedy = "Did you mean \(meant)? The server drops what it does not know, and kubectl refuses it."
            }
            return subject.finding(
                code, .warns, consequence: .pruned, about: object.gvk, at: violation.path, ofKey: true, since: since,
                message: message + ".", remedy: remedy)
        }.inTextOrder()
    }
}
