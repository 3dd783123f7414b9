import InvCLI

command.main(makeIndex)
