import Catalog
import Manifests

/// A rule that picks APIs by group, version and name, as webhooks, policies and quotas hold them.
struct APISelector: Hashable {
    /// What of a group it picks.
    enum Name: Hashable {
        case any
        case kind(String)
        /// The plural, without a subresource.
        case resource(String)
    }

    /// One word of the rule and where it stands.
    struct Word: Hashable {
        var text: String
        var path: FieldPath
    }

    var group: Word
    /// Empty where the rule does not look at versions.
    var versions: [Word]
    var name: Name

    /// Whether the rule picks that API, served or not.
    func picks(_ entry: APILifecycle) -> Bool {
        guard group.text == "*" || group.text == entry.gvk.group else { return false }
        guard versions.isEmpty || versions.contains(where: { $0.text == "*" || $0.text == entry.gvk.version }) else {
            return false
        }
        return switch name {
        case .any: true
        case .kind(let kind): kind == entry.gvk.kind
        case .resource(let plural): plural == entry.resource
        }
    }

    /// What it picks, in words.
    var words: String {
        let group = group.text.isEmpty ? "the core group" : "group \(group.text)"
        return switch name {
        case .any: "everything in \(group)"
        case .kind(let kind): "\(kind) in \(group)"
        case .resource(let plural): "\(plural) in \(group)"
        }
    }

    /// Where it has to be changed: the group, or the version where the group has others.
    func path(groupIsGone: Bool) -> FieldPath {
        groupIsGone ? group.path : versions.first { $0.text != "*" }?.path ?? group.path
    }
}

/// Rules that are judged together: one of them may pick what another no longer finds.
struct APISelectorSet {
    /// What does not happen when the rules pick nothing, after "so".
    var effect: String
    var selectors: [APISelector]
}
