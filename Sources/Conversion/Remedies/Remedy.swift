import Catalog
import Manifests

/// Writes into an object what takes the place of something that a release no longer heeds; its version stays.
///
/// Pure, and never a guess: where only the author knows what was meant, the object stays as it is at that place, and
/// ``Mending/leave(_:_:remedy:)`` says so where the release would break it.
protocol Remedy: Sendable {
    /// Mends one place at which the catalog recognises the change.
    func mend(_ place: FieldPath, in work: inout Mending)
}

/// An object while it is mended, with what a person should know.
struct Mending: Sendable {
    /// What is not mended, and why.
    struct Obstacle: Sendable, Hashable {
        var path: FieldPath
        var message: String
        var remedy: String
    }

    var object: KubeObject
    let target: KubernetesVersion
    let catalog: Catalog
    private(set) var notes: [String] = []
    private(set) var obstacles: [Obstacle] = []

    init(_ object: KubeObject, target: KubernetesVersion, catalog: Catalog) {
        self.object = object
        self.target = target
        self.catalog = catalog
    }

    /// What stands at a place as a text; nil where there is none.
    func text(at path: FieldPath) -> String? { object[path]?.string }

    /// Takes a member away, and with the last annotation or label the empty mapping around it.
    mutating func drop(_ path: FieldPath) {
        object[path] = nil
        let parent = path.parent
        guard case .member(let name)? = parent.elements.last, ["annotations", "labels"].contains(name),
            object[parent]?.object?.isEmpty ?? false
        else { return }
        object[parent] = nil
    }

    /// Mends one place.
    ///
    /// - Parameter telling: whether to say what is left there; what the release still heeds is nobody's trouble.
    mutating func mend(_ place: FieldPath, by remedy: any Remedy, telling: Bool) {
        let before = obstacles.count
        remedy.mend(place, in: &self)
        if !telling { obstacles.removeLast(obstacles.count - before) }
    }

    /// Says what a person should know about the mended place.
    mutating func note(_ path: FieldPath, _ text: String) { notes.append("\(path) \(text)") }

    /// Says why a place that breaks stays as it is, and what to do about it.
    mutating func leave(_ path: FieldPath, _ message: String, remedy: String) {
        obstacles.append(Obstacle(path: path, message: message, remedy: remedy))
    }
}

extension FieldPath {
    /// The place that holds this one; empty for the root.
    var parent: FieldPath { FieldPath(Array(elements.dropLast())) }

    /// The place so many steps up.
    func up(_ steps: Int) -> FieldPath { FieldPath(Array(elements.dropLast(steps))) }

    /// The name of the member that stands there; nil for elements of lists.
    var lastName: String? { if case .member(let name)? = elements.last { name } else { nil } }
}
