CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE tenants (
    id TEXT NOT NULL,
    secret TEXT NOT NULL,
    generation INTEGER DEFAULT '1' NOT NULL,
    origins TEXT DEFAULT '[]' NOT NULL,
    simple_sso INTEGER DEFAULT '0' NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE absences (
    tenant TEXT NOT NULL,
    viewer TEXT NOT NULL,
    url_id TEXT NOT NULL,
    left_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, viewer, url_id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX absences_by_age ON absences (left_ms);
CREATE TABLE blocks (
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    blocked_user_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id, blocked_user_id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE boards (
    id BIGSERIAL NOT NULL,
    tenant TEXT NOT NULL,
    url_id TEXT NOT NULL,
    token TEXT NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    visibility TEXT DEFAULT 'link' NOT NULL,
    groups TEXT DEFAULT '[]' NOT NULL,
    src TEXT,
    width INTEGER,
    height INTEGER,
    sha256 TEXT,
    version INTEGER DEFAULT '0' NOT NULL,
    created_by TEXT,
    created_ms BIGINT NOT NULL,
    head BIGINT DEFAULT '0' NOT NULL,
    floor BIGINT DEFAULT '0' NOT NULL,
    last_ms BIGINT NOT NULL,
    numbered INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX boards_by_token ON boards (tenant, token);
CREATE UNIQUE INDEX boards_by_url_id ON boards (tenant, url_id);
CREATE TABLE comments (
    position BIGSERIAL NOT NULL,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    window_url_id TEXT NOT NULL,
    parent_id TEXT,
    user_id TEXT NOT NULL,
    session TEXT,
    edit_key_hash TEXT,
    name TEXT NOT NULL,
    email TEXT,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    url TEXT NOT NULL,
    page_title TEXT,
    locale TEXT,
    avatar TEXT,
    link TEXT,
    label TEXT,
    role TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    edited_ms BIGINT,
    verified INTEGER DEFAULT '0' NOT NULL,
    approved INTEGER DEFAULT '0' NOT NULL,
    pinned INTEGER DEFAULT '0' NOT NULL,
    locked INTEGER DEFAULT '0' NOT NULL,
    votes_up INTEGER DEFAULT '0' NOT NULL,
    votes_down INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (position),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX comments_by_id ON comments (tenant, id);
CREATE INDEX comments_by_parent ON comments (tenant, parent_id);
CREATE INDEX comments_by_window ON comments (tenant, window_url_id, position);
CREATE TABLE counters (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, name),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE flags (
    tenant TEXT NOT NULL,
    comment_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, comment_id, user_id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE invitations (
    tenant TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    user_id TEXT NOT NULL,
    username TEXT NOT NULL,
    role TEXT NOT NULL,
    groups TEXT,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT,
    PRIMARY KEY (tenant, secret_hash),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE picture_chunks (
    tenant TEXT NOT NULL,
    picture_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (tenant, picture_id, number),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE pictures (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    url_id TEXT,
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    complete INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX pictures_by_age ON pictures (complete, created_ms);
CREATE TABLE replies (
    tenant TEXT NOT NULL,
    actor TEXT NOT NULL,
    broadcast_id TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    reply BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, actor, broadcast_id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX replies_by_age ON replies (created_ms);
CREATE TABLE sessions (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    groups TEXT,
    generation INTEGER NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    UNIQUE (token_hash)
);
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);
CREATE INDEX sessions_by_user ON sessions (tenant, user_id);
CREATE TABLE users (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT,
    email TEXT,
    avatar TEXT,
    label TEXT,
    website TEXT,
    role TEXT NOT NULL,
    groups TEXT,
    verified INTEGER DEFAULT '0' NOT NULL,
    private INTEGER DEFAULT '0' NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX users_by_email ON users (tenant, email);
CREATE TABLE votes (
    tenant TEXT NOT NULL,
    comment_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    direction INTEGER NOT NULL,
    session TEXT,
    edit_key_hash TEXT,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, comment_id, user_id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX votes_by_id ON votes (tenant, id);
CREATE TABLE events (
    id BIGSERIAL NOT NULL,
    tenant TEXT NOT NULL,
    url_id TEXT NOT NULL,
    timestamp BIGINT NOT NULL,
    board_id BIGINT,
    seq BIGINT,
    marker_id TEXT,
    only_for TEXT,
    data BYTEA NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(board_id) REFERENCES boards (id) ON DELETE CASCADE,
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX events_by_position ON events (board_id, seq);
CREATE INDEX events_by_time ON events (tenant, url_id, timestamp);
CREATE TABLE markers (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    board_id BIGINT NOT NULL,
    window_url_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    x FLOAT NOT NULL,
    y FLOAT NOT NULL,
    src TEXT NOT NULL,
    page_title TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    session TEXT,
    created_from_comment_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    resolved_ms BIGINT,
    resolved_by TEXT,
    comment_count INTEGER DEFAULT '0' NOT NULL,
    first_comment_id TEXT,
    last_comment_id TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY(board_id) REFERENCES boards (id) ON DELETE CASCADE,
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX markers_by_board ON markers (board_id, number);
CREATE TABLE windows (
    tenant TEXT NOT NULL,
    url_id TEXT NOT NULL,
    board_id BIGINT,
    marker_id TEXT,
    created_by TEXT,
    last_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, url_id),
    FOREIGN KEY(board_id) REFERENCES boards (id) ON DELETE CASCADE,
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX windows_by_board ON windows (board_id);
