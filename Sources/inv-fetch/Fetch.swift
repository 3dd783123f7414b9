import InvAccess
import InvCLI
import InvFormat
import InvNet
import InvSource
import InvSystem

/// Finds the data files of all manifests, checks them and hands them on.
func fetch(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  if !settings.isDryRun { try refuseTerminal(.standardOutput) }
  try refuse(settings, operands)
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
  if settings.isDryRun { try delivery.list() } else { try delivery.stream() }
  if settings.isVerbose {
    summary.bytes = delivery.bytes
    summary.counts = [
      (UInt64(delivery.manifests.count), "manifests"), (UInt64(delivery.files.count), "files"),
    ]
    if let access = delivery.access {
      summary.counts.append((UInt64(access.remote.retries), "retries"))
    }
    command.say(summary.line)
  }
  return .yes
}

/// Refuses options that do not go together with each other or with what is there.
private func refuse(_ settings: Settings, _ operands: [Operand]) throws(Failure) {
  if settings.keep != nil, settings.spool != nil || settings.spoolLimit != nil {
    throw .usage("--keep keeps all files in its folder: --spool and --spool-limit are without it")
  }
  guard operands.contains(where: { isRemote($0.text) }) else { return }
  if settings.isDryRun && settings.isVerifying {
    throw .usage("--verify: with --dry-run, files on servers are not fetched to be compared")
  }
  if settings.isDryRun || settings.areBytesInline || settings.keep != nil { return }
  guard try Descriptor.standardOutput.status().kind == .pipe else {
    throw .usage(
      "standard output is no pipe, and files from a server are gone when their reader is done:"
        + " give --keep DIR or --inline")
  }
}

/// Reads the manifests and finds their files; nothing has been written yet.
private func prepare(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> Delivery {
  try ManifestFile.require(settings.mounts, for: operands.count)
  var reader = ManifestReader(settings.access)
  var manifests: [ManifestReader.Found] = []
  for operand in operands {
    let found = try reader.read(operand, snapshot: settings.snapshot) { command.say($0) }
    tell(of: found.file, settings)
    manifests.append(found)
  }
  let origins = try ManifestFile.origins(of: manifests.map(\.file), mounts: settings.mounts)
  let files = try chosen(settings, manifests, origins)
  return Delivery(
    files: files, bytes: files.reduce(0) { $0 &+ $1.listed.size }, manifests: manifests,
    origins: origins, settings: settings, access: reader.access)
}

/// Says what is unusual about a manifest.
private func tell(of file: ManifestFile, _ settings: Settings) {
  let path = printable(file.path)
  if file.manifest.files.isEmpty { command.say("\(path): the inventory has no files: 0 objects") }
  let version = file.manifest.version
  if let usual = file.manifest.author.usualVersion, version != usual {
    let found = version.map { "its version is \(printable($0))" } ?? "it has no version"
    command.say("\(path): \(found), not \(usual)")
  }
  if settings.isVerifying, file.manifest.files.contains(where: { $0.md5 == nil }) {
    command.say("\(path): it does not list the MD5 of its files, which cannot be verified")
  }
  if settings.isVerbose && !file.isVerified {
    command.say("\(path): there is no checksum beside it")
  }
}

/// The files of the share that was asked for; all are found first, so that all shares fail alike.
private func chosen(
  _ settings: Settings, _ manifests: [ManifestReader.Found], _ origins: [Origin]
) throws(Failure) -> [FoundFile] {
  let files = try FoundFile.all(of: manifests)
  let part = settings.part
  guard part != .all else { return files }
  let places = DataFileShares.share(part.number, of: part.count, files.map(\.listed)) {
    let manifest = files[$0].manifest
    return origins[manifest].mount + manifests[manifest].file.manifest.sourceBucket
  }
  if places.isEmpty {
    command.say("part \(part.number)/\(part.count) is empty: 0 of \(files.count) files")
  }
  return places.map { files[$0] }
}
