public import Manifests

/// One change, as a watch reports it.
public enum WatchEvent: Sendable, Hashable {
    /// The object appeared, or was there when the watch began without a resourceVersion.
    case added(KubeObject)
    /// The object changed.
    case modified(KubeObject)
    /// The object is gone, or no longer selected. In its last state.
    case deleted(KubeObject)
    /// Nothing changed up to here; a new watch may begin at this resourceVersion.
    case bookmark(resourceVersion: String)
    /// The watch cannot go on. Code `gone`: list again. It is the last event.
    case error(KubeError)
}
