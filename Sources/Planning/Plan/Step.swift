public import Manifests
public import Routing

/// One unit of the plan.
///
/// A step with several objects is carried out, journaled and undone object by object.
public struct Step: Sendable, Hashable, Codable {
    /// Unique and stable within the plan: `<wave>.<nnn>-<slug>`.
    public var id: String
    /// What it does, for people.
    public var title: String
    /// Ids of the steps that must be verified first, in this wave or an earlier one.
    public var dependsOn: [String]
    public var undoPhase: UndoPhase
    public var reversibility: Reversibility
    public var action: StepAction

    public init(
        id: String, title: String, dependsOn: [String], undoPhase: UndoPhase = .reverse,
        reversibility: Reversibility = .reversible, action: StepAction
    ) {
        self.id = id
        self.title = title
        self.dependsOn = dependsOn
        self.undoPhase = undoPhase
        self.reversibility = reversibility
        self.action = action
    }

    /// Over the step's canonical JSON.
    ///
    /// Journal records carry it, so that a run never continues on a changed plan.
    public var digest: Digest {
        get throws { Digest(of: try PlanCoding.json(self)) }
    }

    private enum CodingKeys: String, CodingKey { case id, title, dependsOn, undoPhase, reversibility }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        title = try container.decode(String.self, forKey: .title)
        dependsOn = try container.decodeIfPresent([String].self, forKey: .dependsOn) ?? []
        undoPhase = try container.decodeIfPresent(UndoPhase.self, forKey: .undoPhase) ?? .reverse
        reversibility = try container.decodeIfPresent(Reversibility.self, forKey: .reversibility) ?? .reversible
        action = try StepAction(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(title, forKey: .title)
        if !dependsOn.isEmpty { try container.encode(dependsOn, forKey: .dependsOn) }
        if undoPhase != .reverse { try container.encode(undoPhase, forKey: .undoPhase) }
        if reversibility != .reversible { try container.encode(reversibility, forKey: .reversibility) }
        try action.encode(to: encoder)
    }
}

/// When, within its wave, a step is undone.
///
/// Phases are undone in the order of the cases; inside a phase in exact reverse order of the recorded intents.
///
/// Two writers must never run at once, and traffic must not return to a blue whose singletons still sleep: so
/// green is quieted, then blue woken, then traffic moved, then the rest taken away (amendment A5 of the executor's
/// specification). In a wave without exclusive workloads the first two phases are empty and traffic goes first.
public enum UndoPhase: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case quiesceGreen
    case wakeBlue
    case traffic
    case reverse

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Whether a step can be taken back.
public enum Reversibility: Sendable, Hashable, Codable {
    case reversible
    /// Taken back with a loss, which the text names.
    case compensated(lossy: String)
    /// Forward only; needs a gate before it.
    case irreversible

    private enum CodingKeys: String, CodingKey { case kind, lossy }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "reversible": self = .reversible
        case "irreversible": self = .irreversible
        case "compensated": self = .compensated(lossy: try container.decode(String.self, forKey: .lossy))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "unknown reversibility '\(other)'")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .reversible: try container.encode("reversible", forKey: .kind)
        case .irreversible: try container.encode("irreversible", forKey: .kind)
        case .compensated(let lossy):
            try container.encode("compensated", forKey: .kind)
            try container.encode(lossy, forKey: .lossy)
        }
    }
}

/// What a step does.
///
/// In a plan file the case stands as `kind` beside its fields.
public enum StepAction: Sendable, Hashable {
    /// Objects are created on green (in standby where they would act), by server-side apply. Their content stands in
    /// `objects.jsonl`; Secrets are read from blue when the step runs and go through ``CopyRules/desiredSecret(from:migration:)``.
    /// Where ``PlannedObject/mergesIntoExisting`` says so, an object that is there already is no conflict.
    case apply(ApplyObjects)
    /// Fields are set on objects that exist: suspend, scale, annotate, wake.
    case setFields(SetFields)
    /// The weights of one route are changed.
    case route(SetRoute)
    /// Waits until objects are ready; changes nothing.
    case waitReady(WaitReady)
    /// Compares objects on green with what the plan applied; changes nothing.
    case verify(VerifyObjects)
    /// Measures blue, as what green is compared with later; changes nothing.
    case measure(MeasureBlue)
    /// Waits for a person, for time, or for what is measured; changes nothing.
    case gate(Gate)
    /// Records a cut to which rollback can return; changes nothing.
    case checkpoint(Checkpoint)

    /// Whether the step changes a cluster or a route, so that it has an intent, a before-image and an undo.
    public var hasEffect: Bool {
        switch self {
        case .apply, .setFields, .route: true
        case .waitReady, .verify, .measure, .gate, .checkpoint: false
        }
    }
}

/// Objects to be created on green.
public struct ApplyObjects: Sendable, Hashable, Codable {
    /// Applied in this order; neighbours of one kind may be in flight together, for they do not need each other.
    public var objects: [ObjectReference]
    public init(objects: [ObjectReference]) { self.objects = objects }
}

/// Changes of fields, all on one side.
public struct SetFields: Sendable, Hashable, Codable {
    public var side: Side
    public var changes: [FieldChange]
    public init(side: Side, changes: [FieldChange]) {
        self.side = side
        self.changes = changes
    }
}

/// The planned change of fields of one object.
///
/// `from` is what the plan reasoned about: anything else there is foreign. Nil means that the field is absent.
public struct FieldChange: Sendable, Hashable, Codable {
    public var object: ObjectReference
    /// The version through which the object is read and written.
    public var apiVersion: String
    public var fields: [Field]

    /// One field, what stands there and what shall.
    public struct Field: Sendable, Hashable, Codable {
        public var path: FieldPath
        public var from: JSONValue?
        public var to: JSONValue?
        public init(path: FieldPath, from: JSONValue?, to: JSONValue?) {
            self.path = path
            self.from = from
            self.to = to
        }
    }

    public init(object: ObjectReference, apiVersion: String, fields: [Field]) {
        self.object = object
        self.apiVersion = apiVersion
        self.fields = fields
    }
}

/// One turn of a route's weights, from what the plan expects there to what shall be.
public struct SetRoute: Sendable, Hashable, Codable {
    public var route: String
    public var from: Weights
    public var to: Weights
    public init(route: String, from: Weights, to: Weights) {
        self.route = route
        self.from = from
        self.to = to
    }
}

/// What must be ready, where, and how long that may take.
///
/// Ready means that the object's status has caught up with its spec: a workload at N replicas has N ready ones, one
/// that was put to sleep (on blue, before its copy wakes) has none left and a suspended CronJob runs no Job, a
/// definition is established. Awake CronJobs and kinds without a status are ready at once.
public struct WaitReady: Sendable, Hashable, Codable {
    public var side: Side
    public var objects: [ObjectReference]
    /// Seconds until the step fails.
    public var timeout: Int
    public init(side: Side, objects: [ObjectReference], timeout: Int) {
        self.side = side
        self.objects = objects
        self.timeout = timeout
    }
}

/// Objects whose content on green must equal what the plan applied.
public struct VerifyObjects: Sendable, Hashable, Codable {
    public var objects: [ObjectReference]
    public init(objects: [ObjectReference]) { self.objects = objects }
}

/// A named cut between steps.
public struct Checkpoint: Sendable, Hashable, Codable {
    /// Unique in the plan, such as `before-cutover-front`.
    public var checkpoint: String
    public init(checkpoint: String) { self.checkpoint = checkpoint }
}

extension StepAction: Codable {
    private enum CodingKeys: String, CodingKey { case kind }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "apply": self = .apply(try ApplyObjects(from: decoder))
        case "setFields": self = .setFields(try SetFields(from: decoder))
        case "route": self = .route(try SetRoute(from: decoder))
        case "waitReady": self = .waitReady(try WaitReady(from: decoder))
        case "verify": self = .verify(try VerifyObjects(from: decoder))
        case "measure": self = .measure(try MeasureBlue(from: decoder))
        case "gate": self = .gate(try Gate(from: decoder))
        case "checkpoint": self = .checkpoint(try Checkpoint(from: decoder))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container,
                debugDescription: "unknown kind of step '\(other)'; a newer kirikae may know it")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .apply(let action):
            try container.encode("apply", forKey: .kind)
            try action.encode(to: encoder)
        case .setFields(let action):
            try container.encode("setFields", forKey: .kind)
            try action.encode(to: encoder)
        case .route(let action):
            try container.encode("route", forKey: .kind)
            try action.encode(to: encoder)
        case .waitReady(let action):
            try container.encode("waitReady", forKey: .kind)
            try action.encode(to: encoder)
        case .verify(let action):
            try container.encode("verify", forKey: .kind)
            try action.encode(to: encoder)
        case .measure(let action):
            try container.encode("measure", forKey: .kind)
            try action.encode(to: encoder)
        case .gate(let action):
            try container.encode("gate", forKey: .kind)
            try action.encode(to: encoder)
        case .checkpoint(let action):
            try container.encode("checkpoint", forKey: .kind)
            try action.encode(to: encoder)
        }
    }
}
