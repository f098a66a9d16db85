import Catalog
import Manifests

/// References that name another object at a version which the release does not serve.
enum ReferenceRemedy {
    static func mend(_ work: inout Mending) {
        for reference in APIReferenceWalk(work.object).references where reference.path.lastName == "apiVersion" {
            guard let end = work.catalog.lifecycle(of: reference.gvk)?.endOfService, work.target >= end,
                let successor = work.catalog.replacement(for: reference.gvk, at: work.target),
                successor.kind == reference.gvk.kind
            else { continue }
            work.object[reference.path] = .string(successor.apiVersion)
        }
    }
}
