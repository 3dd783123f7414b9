import InvCLI

command.main(query)
