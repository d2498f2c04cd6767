"""The editor's settings, asked for or taken as sent, and the files whose changes concern us."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from partway.lsp.judging import read_settings
from partway.lsp.live_settings import read_live_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partway.lsp.server import Server

logger = logging.getLogger("partway")


async def watch(ls: Server, names: Iterable[str]) -> None:
    """Ask the editor to say when a file changes that findings follow from, if it can."""
    workspace = ls.client_capabilities.workspace
    registrations = []
    if (
        workspace
        and workspace.did_change_watched_files
        and workspace.did_change_watched_files.dynamic_registration
    ):
        watchers = [types.FileSystemWatcher(glob_pattern=f"**/{name}") for name in names]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        registrations.append(
            types.Registration("partway-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        )
    if (
        workspace
        and workspace.did_change_configuration
        and workspace.did_change_configuration.dynamic_registration
    ):
        section = types.DidChangeConfigurationRegistrationOptions(section="partway")
        registrations.append(
            types.Registration("partway-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section)
        )
    if registrations:
        try:
            await ls.client_register_capability_async(types.RegistrationParams(registrations))
        except JsonRpcException as error:  # then it will not say, and all else works
            logger.warning("the editor takes no registrations: %s", error)


async def pull(ls: Server) -> bool:
    """Ask the editor for the `partway` section; False where it cannot be asked or has nothing to say."""
    workspace = ls.client_capabilities.workspace
    if not workspace or not workspace.configuration:
        return False
    asked = types.ConfigurationParams([types.ConfigurationItem(section="partway")])
    answer = await ls.workspace_configuration_async(asked)
    section = answer[0] if answer else None
    if not isinstance(section, dict):
        return False
    _use(ls, section)
    return True


def take(ls: Server, settings: Any) -> None:
    """Use the settings that the editor sent along: the section by itself, or all of them."""
    if isinstance(settings, dict):
        _use(ls, settings.get("partway", settings))


def _use(ls: Server, section: Any) -> None:
    settings, wrong = read_settings(section)
    live, wrong_too = read_live_settings(section)
    for message in wrong + wrong_too:
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"Partway: {message}"))
    if settings != ls.judge.settings:
        ls.judge.settings = settings
        ls.relint()
    ls.live.configure(live)
