public import HTTP
public import Programs

/// What back ends need from the world besides their settings: a folder, programs, HTTP.
///
/// Who only checks settings has none of them; a router made so answers `unreachable` where it needs one.
public struct RouterPorts: Sendable {
    /// What relative paths in the settings are relative to: the folder in which `plan.yaml` stood when the run began.
    ///
    /// Not the working directory, because whoever resumes a run sits in another one, and a path that then names another
    /// file would move nobody's traffic without a word. A run has to remember that folder.
    public var folder: String
    /// Runs programs.
    public var programs: (any ProgramRunner)?
    /// Opens a way to the server of an address such as `https://10.0.0.7:8443`, checking its certificate for `name`.
    public var web: (@Sendable (_ server: String, _ name: String?) throws(TransportError) -> any Transport)?

    public init(
        folder: String, programs: (any ProgramRunner)? = nil,
        web: (@Sendable (_ server: String, _ name: String?) throws(TransportError) -> any Transport)? = nil
    ) {
        self.folder = folder
        self.programs = programs
        self.web = web
    }

    /// The path, absolute where it can be.
    func path(_ path: String) -> String {
        path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
    }
}
