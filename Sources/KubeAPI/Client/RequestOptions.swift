/// Narrows and pages a list.
public struct ListOptions: Sendable, Hashable {
    /// How many objects one page may hold; nil asks for everything at once.
    public var limit: Int?
    /// From the page before.
    public var continueToken: String?
    /// As kubectl's `-l`.
    public var labelSelector: String?
    /// As kubectl's `--field-selector`.
    public var fieldSelector: String?
    /// Nil: the newest state, read through the store.
    ///
    /// `0`: whatever the server has in its cache.
    public var resourceVersion: String?
    /// `NotOlderThan` or `Exact`; only with a resourceVersion.
    public var resourceVersionMatch: String?

    /// Pages of 500 objects, as kubectl reads them, unless told otherwise.
    public init(
        limit: Int? = 500, continueToken: String? = nil, labelSelector: String? = nil,
        fieldSelector: String? = nil, resourceVersion: String? = nil, resourceVersionMatch: String? = nil
    ) {
        self.limit = limit
        self.continueToken = continueToken
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.resourceVersion = resourceVersion
        self.resourceVersionMatch = resourceVersionMatch
    }

    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let labelSelector { query.append(("labelSelector", labelSelector)) }
        if let fieldSelector { query.append(("fieldSelector", fieldSelector)) }
        if let limit { query.append(("limit", String(limit))) }
        if let continueToken {
            // A token stands for a state of its own; servers refuse a resourceVersion beside it (400).
            query.append(("continue", continueToken))
        } else if let resourceVersion {
            query.append(("resourceVersion", resourceVersion))
            if let resourceVersionMatch { query.append(("resourceVersionMatch", resourceVersionMatch)) }
        }
        return query
    }
}

/// How a write is to be treated.
public struct WriteOptions: Sendable, Hashable {
    /// What the server does with unknown and repeated fields.
    public enum FieldValidation: String, Sendable, Hashable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    /// Go all the way but the store (`dryRun=All`).
    public var dryRun: Bool
    /// The name under which the server remembers which fields we set.
    public var fieldManager: String?
    /// Nil leaves it to the server (before 1.25: ignore; since: warn).
    public var fieldValidation: FieldValidation?
    /// Take over fields that another manager owns; server-side apply only.
    public var force: Bool

    /// A plain write unless told otherwise.
    public init(
        dryRun: Bool = false, fieldManager: String? = nil, fieldValidation: FieldValidation? = nil,
        force: Bool = false
    ) {
        self.dryRun = dryRun
        self.fieldManager = fieldManager
        self.fieldValidation = fieldValidation
        self.force = force
    }

    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if dryRun { query.append(("dryRun", "All")) }
        if let fieldManager { query.append(("fieldManager", fieldManager)) }
        if let fieldValidation { query.append(("fieldValidation", fieldValidation.rawValue)) }
        if force { query.append(("force", "true")) }
        return query
    }
}

/// How an object is to be deleted.
public struct DeleteOptions: Sendable, Hashable {
    /// What happens to the objects that it owns.
    public enum Propagation: String, Sendable, Hashable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    /// Only this very object, not one recreated under its name.
    public var uid: String?
    /// Only in this very state.
    public var resourceVersion: String?
    /// Nil leaves it to the resource's default.
    public var propagation: Propagation?
    /// Nil leaves it to the object's default; 0 is at once.
    public var gracePeriodSeconds: Int?
    /// Go all the way but the store.
    public var dryRun: Bool

    /// A delete without preconditions unless told otherwise.
    public init(
        uid: String? = nil, resourceVersion: String? = nil, propagation: Propagation? = nil,
        gracePeriodSeconds: Int? = nil, dryRun: Bool = false
    ) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.propagation = propagation
        self.gracePeriodSeconds = gracePeriodSeconds
        self.dryRun = dryRun
    }
}

/// Narrows a watch and says where it begins.
public struct WatchOptions: Sendable, Hashable {
    /// From the list before.
    ///
    /// Nil: the server first sends what is there as ADDED.
    public var resourceVersion: String?
    /// As kubectl's `-l`.
    public var labelSelector: String?
    /// As kubectl's `--field-selector`.
    public var fieldSelector: String?
    /// Lets the server say now and then how far it has come, so that a new watch can begin there.
    public var allowBookmarks: Bool
    /// When the server ends the watch; nil leaves it to the server (30 to 60 minutes).
    public var timeoutSeconds: Int?

    /// Everything, with bookmarks, unless told otherwise.
    public init(
        resourceVersion: String? = nil, labelSelector: String? = nil, fieldSelector: String? = nil,
        allowBookmarks: Bool = true, timeoutSeconds: Int? = nil
    ) {
        self.resourceVersion = resourceVersion
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.allowBookmarks = allowBookmarks
        self.timeoutSeconds = timeoutSeconds
    }

    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = [("watch", "true")]
        if let resourceVersion { query.append(("resourceVersion", resourceVersion)) }
        if let labelSelector { query.append(("labelSelector", labelSelector)) }
        if let fieldSelector { query.append(("fieldSelector", fieldSelector)) }
        if allowBookmarks { query.append(("allowWatchBookmarks", "true")) }
        if let timeoutSeconds { query.append(("timeoutSeconds", String(timeoutSeconds))) }
        return query
    }
}
