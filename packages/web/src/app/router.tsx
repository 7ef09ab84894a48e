import {
  Navigate,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import type { Role } from "@sinetti/core";

import { Shell } from "./Shell.tsx";
import { Waiting } from "./Waiting.tsx";
import { screensOf } from "./screens.ts";

/** The routes of somebody with these roles; what is not theirs does not exist. */
export function makeRouter(roles: readonly Role[]) {
  const screens = screensOf(roles);
  const first = screens.find(({ icon }) => icon !== null)?.path ?? "/settings";
  const root = createRootRoute({
    component: Shell,
    notFoundComponent: () => <Navigate to={first} replace />,
  });
  const routes = screens.map(({ path, load }) =>
    createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) }),
  );
  return createRouter({
    routeTree: root.addChildren(routes),
    defaultPendingComponent: Waiting,
    defaultPreload: "intent",
    scrollRestoration: true,
  });
}
