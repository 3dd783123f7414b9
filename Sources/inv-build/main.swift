import InvCLI

command.main(build)
