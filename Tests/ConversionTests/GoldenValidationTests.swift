import FoundationEssentials
import Glibc
import Testing

/// The environment that `scripts/validate-goldens --setup` makes.
private enum Validator {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    static var present: Bool {
        FileManager.default.fileExists(
            atPath: root.appending(path: ".build/kubernetes-validate/venv/complete").path)
    }
}

@Suite("Golden conversions, judged by others")
struct GoldenValidationTests {
    @Test(
        "kubernetes-validate takes every one of them at its release",
        .enabled(if: Validator.present, "kubernetes-validate is not installed"))
    func validated() {
        // Its words go to the test's output, which is where whoever mends it looks.
        #expect(unsafe system("'\(Validator.root.path)/scripts/validate-goldens'") == 0)
    }
}
