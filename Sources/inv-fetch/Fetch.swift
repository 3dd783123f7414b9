import InvCLI
import InvFormat
import InvSource
import InvSystem

/// Finds the data files of all manifests, checks them and hands them on.
func fetch(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  if !settings.isDryRun { try refuseTerminal(.standardOutput) }
  let delivery: Delivery
  do throws(Failure) {
    delivery = try prepare(settings, operands)
  } catch {
    // The programs behind this one are to fall silent, not to wonder at an empty stream.
    if !settings.isDryRun {
      try? FileStreamWriter(.standardOutput, files: 0, bytes: 0, tool: "inv-fetch").fail(error)
    }
    throw error
  }
  if settings.isDryRun {
    try delivery.list()
  } else {
    try delivery.stream(inline: settings.areBytesInline, verifying: settings.isVerifying)
  }
  if settings.isVerbose {
    summary.bytes = delivery.bytes
    summary.counts = [
      (UInt64(delivery.manifests.count), "manifests"), (UInt64(delivery.files.count), "files"),
    ]
    command.say(summary.line)
  }
  return .yes
}

/// Reads the manifests and finds their files; nothing has been written yet.
private func prepare(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> Delivery {
  try ManifestFile.require(settings.mounts, for: operands.count)
  var manifests: [ManifestFile] = []
  for operand in operands {
    let path = try localPath(try operand.path())
    let file = try ManifestFile(at: path, snapshot: settings.snapshot) { command.say($0) }
    tell(of: file, settings)
    manifests.append(file)
  }
  let origins = try ManifestFile.origins(of: manifests, mounts: settings.mounts)
  let files = try chosen(settings, manifests, origins)
  let bytes = files.reduce(0) { $0 &+ $1.listed.size }
  let digests =
    try settings.isVerifying && (settings.isDryRun || !settings.areBytesInline)
    ? DataFileDigests(of: files.map(\.path), threads: settings.threads) : nil
  return Delivery(files, bytes: bytes, manifests, origins, digests)
}

/// Says what is unusual about a manifest.
private func tell(of file: ManifestFile, _ settings: Settings) {
  let path = printable(file.path)
  if file.manifest.files.isEmpty { command.say("\(path): the inventory has no files: 0 objects") }
  let version = file.manifest.version
  if version != Manifest.usualVersion {
    let found = version.map { "its version is \(printable($0))" } ?? "it has no version"
    command.say("\(path): \(found), not \(Manifest.usualVersion)")
  }
  if settings.isVerbose && !file.isVerified {
    command.say("\(path): there is no checksum beside it")
  }
}

/// The files of the share that was asked for; all are found first, so that all shares fail alike.
private func chosen(_ settings: Settings, _ manifests: [ManifestFile], _ origins: [Origin])
  throws(Failure) -> [DataFile]
{
  var files: [DataFile] = []
  for (place, file) in manifests.enumerated() {
    var search = DataFiles(of: file, number: place)
    for listed in file.manifest.files { files.append(try search.find(listed)) }
  }
  try DataFiles.refuseRepeated(files, of: manifests)
  let part = settings.part
  guard part != .all else { return files }
  let places = DataFileShares.share(part.number, of: part.count, files) {
    origins[$0.manifest].mount + manifests[$0.manifest].manifest.sourceBucket
  }
  if places.isEmpty {
    command.say("part \(part.number)/\(part.count) is empty: 0 of \(files.count) files")
  }
  return places.map { files[$0] }
}
