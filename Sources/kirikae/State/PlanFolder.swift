import Execution
import FoundationEssentials
import Manifests
import Planning

/// Plans in folders, read and verified.
enum PlanFolder {
    /// Beside the plan in a run's folder: where it came from and how its clusters were reached, so that `resume` needs
    /// no flags.
    static let originName = "origin.json"

    /// What ``originName`` holds.
    struct Origin: Codable {
        /// The plan's folder, absolute: relative paths of routes count from it.
        var folder: String
        var kubeconfig: String?
        var blueContext: String?
        var greenContext: String?
        /// Where the run is mirrored, when it was begun with `--mirror`.
        var mirror: String?
    }

    /// Reads a plan's folder for a run.
    static func read(_ folder: String, origin: Origin? = nil) throws -> PlanDocument {
        do {
            var document = try PlanDocument.read(folder)
            if let origin { document.files.files[originName] = try PlanCoding.json(origin).canonicalBytes }
            return document
        } catch let error as PlanFileError {
            throw CommandFailure(.usage, error.description)
        } catch let error as JournalError {
            throw CommandFailure(.usage, error.description)
        }
    }

    /// The origin kept with a run.
    static func origin(in files: PlanFiles) throws -> Origin {
        guard let bytes = files.files[originName] else {
            throw CommandFailure(.usage, "the run does not say where its plan came from")
        }
        return try PlanCoding.decode(Origin.self, from: try JSONValue(parsing: bytes))
    }

    /// The path made absolute.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
