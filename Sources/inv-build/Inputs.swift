import InvAccess
import InvDigest
import InvBytes
import InvCLI
import InvFormat
import InvSource
import InvSystem

/// The manifests that the operands lead to, read before there is any work.
struct Inputs {
  let manifests: [ManifestFile]
  /// Operands that lead to these and to no other.
  let operands: [String]
  let origins: [Origin]
  /// What has been passed over.
  let notes: [String]

  init(_ operands: [Operand], _ settings: Settings) throws(Failure) {
    try ManifestFile.require(settings.mounts, for: operands.count)
    var (found, notes) = ([ManifestReader.Found](), [String]())
    var reader = ManifestReader(settings.access)
    for operand in operands {
      found.append(try reader.read(operand, snapshot: settings.snapshot) { notes.append($0) })
    }
    let manifests = found.map(\.file)
    self.operands = found.map(\.operand)
    origins = try ManifestFile.origins(of: manifests, mounts: settings.mounts)
    (self.manifests, self.notes) = (manifests, notes)
  }

  /// How many data files are listed.
  var files: Int { manifests.reduce(0) { $0 + $1.manifest.files.count } }

  /// How many bytes these have, as far as that is a number.
  var bytes: UInt64 {
    manifests.reduce(0) { sum, file in
      file.manifest.files.reduce(sum) { $0.addingReportingOverflow($1.size).partialValue }
    }
  }

  /// What the runs are a function of: inputs and options.
  func record(_ settings: Settings) -> Fields {
    var record = Fields()
    record.add("tool", "inv-build \(Version.program)")
    for (file, origin) in zip(manifests, origins) {
      let text = file.manifest.files.flatMap { file in
        file.key + Array(" \(file.size) \(file.md5?.hex ?? "")\n".utf8)
      }
      record.add(
        "manifest", origin.mount, origin.bucket, Array("\(file.manifest.created)".utf8),
        Array("\(file.manifest.files.count)".utf8), Array("\(XXH64.hash(text.raw))".utf8))
    }
    for program in ["inv-parse", "inv-agg"] {
      for option in settings.handed[program] ?? [] { record.add("option", option) }
    }
    return record
  }
}
